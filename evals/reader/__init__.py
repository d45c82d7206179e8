"""Training of the packaged reader: judged questions in, weights for `kb.reader` out."""
