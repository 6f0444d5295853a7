"""The walker: fetch, ask the core, keep, tell."""
