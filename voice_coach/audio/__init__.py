"""Sound in and out: microphones, speakers, WAV files, earcons."""
