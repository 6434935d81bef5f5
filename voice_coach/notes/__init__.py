"""What a person chose to keep: one short thought a file, in a private folder, sealed if they wish."""
