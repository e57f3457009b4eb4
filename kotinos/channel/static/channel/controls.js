// The controls that our player uses, of all that media-chrome has, and the door to their words.
// What has a `from` stands first: the tool that puts hashes into addresses reads it so.
import { addTranslation, setLanguage } from "../vendor/media-chrome/utils/i18n.js";
import "../vendor/media-chrome/media-controller.js";
import "../vendor/media-chrome/media-control-bar.js";
import "../vendor/media-chrome/media-loading-indicator.js";
import "../vendor/media-chrome/media-play-button.js";
import "../vendor/media-chrome/media-seek-backward-button.js";
import "../vendor/media-chrome/media-seek-forward-button.js";
import "../vendor/media-chrome/media-mute-button.js";
import "../vendor/media-chrome/media-volume-range.js";
import "../vendor/media-chrome/media-time-range.js";
import "../vendor/media-chrome/media-time-display.js";
import "../vendor/media-chrome/media-preview-thumbnail.js";
import "../vendor/media-chrome/media-preview-chapter-display.js";
import "../vendor/media-chrome/media-preview-time-display.js";
import "../vendor/media-chrome/media-live-button.js";
import "../vendor/media-chrome/media-captions-button.js";
import "../vendor/media-chrome/media-pip-button.js";
import "../vendor/media-chrome/media-fullscreen-button.js";
import "../vendor/media-chrome/menu/media-settings-menu.js";
import "../vendor/media-chrome/menu/media-settings-menu-item.js";
import "../vendor/media-chrome/menu/media-settings-menu-button.js";
import "../vendor/media-chrome/menu/media-playback-rate-menu.js";
import "../vendor/media-chrome/menu/media-rendition-menu.js";
import "../vendor/media-chrome/menu/media-audio-track-menu.js";
import "../vendor/media-chrome/menu/media-captions-menu.js";

export { addTranslation, setLanguage };
