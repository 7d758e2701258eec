"""Put the library on the path, as Snakemake does for scripts."""

import os
import sys
from pathlib import Path

# Several threads on a busy machine cost far more than they bring on tests as small as these.
os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))
