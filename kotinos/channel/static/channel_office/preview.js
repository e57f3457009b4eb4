// The editors' look at a video before anybody else's: loaded when it is played, not before.
{
  const player = document.getElementById("player");
  if (player && player.dataset.src) {
    player.addEventListener("play", async () => {
      const { default: Hls } = await import(player.dataset.hls);
      if (!Hls.isSupported()) {
        player.src = player.dataset.src;
        player.play();
        return;
      }
      const hls = new Hls({ workerPath: player.dataset.worker });
      hls.on(Hls.Events.MANIFEST_PARSED, () => player.play());
      hls.loadSource(player.dataset.src);
      hls.attachMedia(player);
    }, { once: true });
  }
  // The picture on the screen becomes the file that the form sends.
  const button = document.querySelector("[data-frame]");
  if (button) {
    button.addEventListener("click", () => {
      if (!player.videoWidth) { player.play(); return; }
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [player.videoWidth, player.videoHeight];
      canvas.getContext("2d").drawImage(player, 0, 0);
      canvas.toBlob((blob) => {
        const held = new DataTransfer();
        held.items.add(new File([blob], "moment.jpg", { type: "image/jpeg" }));
        document.getElementById("picture").files = held.files;
        document.getElementById("poster").requestSubmit();
      }, "image/jpeg", 0.92);
    });
  }
}
