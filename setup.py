"""The optional native kernel: one abi3 wheel serves every Python from 3.11; without a compiler numpy does the work."""

from setuptools import Extension, setup

setup(
    ext_modules=[
        Extension(
            "tidegate._kernel",
            sources=["src/tidegate/_kernel.c"],
            py_limited_api=True,
            optional=True,
            define_macros=[("Py_LIMITED_API", "0x030B0000")],
            extra_compile_args=["-O3"],
        )
    ],
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
