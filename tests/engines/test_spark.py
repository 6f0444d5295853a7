import importlib.util

import pytest

from tidegate.engines.spark import SparkEngine
from tidegate.errors import SettingsWrong


@pytest.mark.skipif(
    importlib.util.find_spec("pyspark") is not None, reason="pyspark is installed: its absence cannot be tested"
)
def test_without_the_extra_the_error_names_it():
    with pytest.raises(SettingsWrong, match=r"tidegate\[spark\]"):
        SparkEngine()
