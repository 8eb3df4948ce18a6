"""The floor of `bin/bench api`: a bare DRF view around one equivalent statement, and nothing of ours around it."""
