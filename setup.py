"""The optional native modules: one abi3 wheel serves every Python from 3.11; without a compiler Python does the work."""

from setuptools import Extension, setup


def native(name: str) -> Extension:
    """Return the extension tidegate.`name`, built from the one C file of that name."""
    return Extension(
        f"tidegate.{name}",
        sources=[f"src/tidegate/{name}.c"],
        py_limited_api=True,
        optional=True,
        define_macros=[("Py_LIMITED_API", "0x030B0000")],
        extra_compile_args=["-O3"],
    )


setup(
    ext_modules=[native("_kernel"), native("_goods"), native("_names")],
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
