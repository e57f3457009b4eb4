"""Words for the channel's closed lists, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

KINDS = {
    "highlights": _("Highlights"),
    "magazine": _("Magazine"),
    "interview": _("Interview"),
    "lesson": _("Lesson"),
    "ceremony": _("Ceremony"),
    "event": _("Event"),
}
RAILS = {
    "newest": _("New on the channel"),
    "home-team": _("Your home team"),
    "described": _("With audio description"),
}
HEADLINES = {
    "not-yet": _("Not yet shown in %(territory)s"),
    "delayed": _("Shown later in %(territory)s"),
    "ended": _("No longer shown in %(territory)s"),
    "suspended": _("Showing it in %(territory)s is paused"),
    "withdrawn": _("No longer shown"),
    "edition": _("Not part of this edition"),
}
HEADLINE = _("Not shown in %(territory)s")
"""For every reason without a headline of its own."""

IN_SHORT = {
    "no-grant": _("nobody has the right to show it"),
    "territory": _("only shown elsewhere"),
    "not-yet": _("not yet shown here"),
    "ended": _("no longer shown here"),
    "act": _("only shown in another way"),
    "outlet": _("only shown through other outlets"),
    "held-by-other": _("shown here by another channel"),
    "no-consent": _("the home committee has not agreed"),
    "suspended": _("paused for the time being"),
    "delayed": _("shown here later"),
    "prohibited": _("the owner forbids it here"),
    "parent-lost": _("the right it rests on has ended"),
    "withdrawn": _("withdrawn"),
    "unpublished": _("withdrawn"),
    "not-cleared": _("not cleared here"),
    "off-air": _("not on air"),
}
"""A refusal in a few words, for a row of the guide."""
NOT_CLEARED = _("not cleared here")

PLAYER = {
    "loading": _("Getting the video…"),
    "offline": _("There is no connection. What you were watching goes on when it is back."),
    "failed": _("The video could not be played."),
    "ended": _("That was the end."),
    "retry": _("Try again"),
    "refused": _("This may not be shown where you are"),
    "opens": _("It opens at %(moment)s."),
    "waiting": _("It has not begun yet. This page starts by itself."),
    "delayed": _("Here it is shown %(minutes)s minutes later."),
    "speed": _("Speed"),
    "quality": _("Quality"),
    "sound": _("Sound"),
    "subtitles": _("Subtitles"),
    "chapters": _("Chapters"),
    "main": _("Main sound"),
    "description": _("Audio description"),
}
"""What the player says by itself."""
CHROME = {
    "Play": _("Play"),
    "Pause": _("Pause"),
    "play": _("Play"),
    "pause": _("Pause"),
    "Mute": _("Mute"),
    "Unmute": _("Unmute"),
    "mute": _("Mute"),
    "unmute": _("Unmute"),
    "volume": _("Volume"),
    "seek": _("Position"),
    "Seek backward": _("Seek back"),
    "Seek forward": _("Seek forward"),
    "seek back {seekOffset} seconds": _("Back {seekOffset} seconds"),
    "seek forward {seekOffset} seconds": _("Forward {seekOffset} seconds"),
    "Captions": _("Subtitles"),
    "closed captions": _("Subtitles"),
    "Enable captions": _("Subtitles on"),
    "Disable captions": _("Subtitles off"),
    "Off": _("Off"),
    "Auto": _("Automatic"),
    "Playback rate": _("Speed"),
    "Playback rate {playbackRate}": _("Speed {playbackRate}"),
    "current playback rate": _("Speed"),
    "Quality": _("Quality"),
    "quality": _("Quality"),
    "Audio": _("Sound"),
    "audio tracks": _("Sound"),
    "Settings": _("Settings"),
    "settings": _("Settings"),
    "Enter fullscreen mode": _("Full screen"),
    "Exit fullscreen mode": _("Leave full screen"),
    "enter fullscreen mode": _("Full screen"),
    "exit fullscreen mode": _("Leave full screen"),
    "Enter picture in picture mode": _("Picture in picture"),
    "Exit picture in picture mode": _("Leave picture in picture"),
    "enter picture in picture mode": _("Picture in picture"),
    "exit picture in picture mode": _("Leave picture in picture"),
    "live": _("live"),
    "seek to live": _("Go to live"),
    "playing live": _("You are watching live"),
    "playback time": _("Time played"),
    "media loading": _("The video is loading"),
    "video player": _("Video player"),
    "audio player": _("Video player"),
    "chapter: {chapterName}": _("Chapter: {chapterName}"),
    "hour": _("hour"),
    "hours": _("hours"),
    "minute": _("minute"),
    "minutes": _("minutes"),
    "second": _("second"),
    "seconds": _("seconds"),
    "{time} remaining": _("{time} left"),
    "{currentTime} of {totalTime}": _("{currentTime} of {totalTime}"),
    "video not loaded, unknown time.": _("The video is not loaded yet."),
}
"""The labels of media-chrome's controls, by its own keys."""
