"""What all tests share: the library on the path, and property tests that are the same at every run."""

import os
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

# Several threads on a busy machine cost far more than they bring on tests as small as these.
os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

settings.register_profile(
    "repeatable",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
settings.load_profile("repeatable")
