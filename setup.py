"""The optional native modules: one abi3 wheel serves every Python from 3.11; without a compiler Python does the work."""

from pathlib import Path

from setuptools import Extension, setup


def native(name: str) -> Extension:
    """Return the extension tidegate.`name`, built from the rooms in native/, or from the one C file of that name."""
    rooms = Path("native", name.lstrip("_"))
    return Extension(
        f"tidegate.{name}",
        sources=sorted(map(str, rooms.glob("*.c"))) or [f"src/tidegate/{name}.c"],
        depends=sorted(map(str, rooms.glob("*.h"))),
        py_limited_api=True,
        optional=True,
        define_macros=[("Py_LIMITED_API", "0x030B0000")],
        extra_compile_args=["-O3"],
    )


setup(
    ext_modules=[native("_kernel"), native("_goods"), native("_names")],
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
