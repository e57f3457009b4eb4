"""The demo's films: drawn by us, moved and encoded by ffmpeg. `python -m demo.channel FOLDER`."""
