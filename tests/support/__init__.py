"""What tests share: invented corpora and files, real processes, stand-ins."""
