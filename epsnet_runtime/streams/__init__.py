"""Reading, predicting and writing at the same time, with bounded memory."""
