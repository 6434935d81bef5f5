"""From text to sound: a rendering child process, pauses, loudness, a cache in memory."""
