"""Run the peers that have their own environment on a job, and write what they found. Started by peers.py, never imported.

    PEER_PYTHON bench/peer_run.py JOB.json OUT.json

A job names a mode: `search` looks queries up in a list with each of `systems`; `pairs` scores pairs of names with
logic-v2; `version` tells the versions. Times are seconds of the processor of this process, index building apart.
A system that fails is reported with its error and the others still run.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

os.environ.setdefault("NOMENKLATURA_DUCKDB_THREADS", "1")

SCHEMAS = {"person": "Person", "firm": "Organization", "other": "LegalEntity"}
TOP = 20  # candidates a query, for every system
Rows = list[tuple[int, int, float]]  # query, entity, score


def versions() -> dict[str, str]:
    """Return the versions of the peers that are installed here."""
    found = {}
    for name in ("nomenklatura", "rigour", "followthemoney", "sparse-dot-topn", "scikit-learn", "tantivy", "rapidfuzz"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def romanise(text: str) -> str:
    """Return a name in Latin letters as ICU romanises it, or as it is."""
    from normality import ascii_text

    return ascii_text(text) or text


class Nomenklatura:
    """The list in nomenklatura's own blocker; its candidates rescored by a named algorithm."""

    def __init__(self, listed: list[tuple[int, str, str]]) -> None:
        from followthemoney import Dataset, StatementEntity
        from nomenklatura.blocker import Index
        from nomenklatura.resolver import Linker
        from nomenklatura.store import SimpleMemoryStore

        self.dataset = Dataset.make({"name": "bench", "title": "bench"})
        self.entity_type = StatementEntity
        names: dict[tuple[int, str], list[str]] = {}
        for entity, kind, name in listed:
            names.setdefault((entity, kind), []).append(name)
        self.listed = {f"w{entity}": self.entity(f"w{entity}", kind, found) for (entity, kind), found in names.items()}
        store = SimpleMemoryStore(self.dataset, Linker({}))
        writer = store.writer()
        for one in self.listed.values():
            writer.add_entity(one)
        writer.flush()
        self.index = Index(store.default_view(), Path(tempfile.mkdtemp()), {})
        self.index.build()
        self.found: list[tuple[str, list[str]]] = []
        self.asked: dict[str, Any] = {}
        self.blocking = 0.0

    def entity(self, number: str, kind: str, names: list[str]) -> Any:
        """Return an entity of nomenklatura with nothing but its names."""
        return self.entity_type.from_data(
            self.dataset, {"id": number, "schema": SCHEMAS[kind], "properties": {"name": names}}
        )

    def block(self, queries: list[tuple[str, str]]) -> None:
        """Find the candidates of every query, timed."""
        self.asked = {f"q{at}": self.entity(f"q{at}", kind, [name]) for at, (name, kind) in enumerate(queries)}
        start = time.process_time()
        self.found = [
            (str(asked), [str(candidate) for candidate, _ in matches][:TOP])
            for asked, matches in self.index.match_entities(self.asked.values())
        ]
        self.blocking = time.process_time() - start

    def score(self, algorithm: str) -> tuple[float, Rows]:
        """Return (seconds with the blocking, scored candidates) of one algorithm."""
        from nomenklatura.matching import get_algorithm

        judge = get_algorithm(algorithm)
        if judge is None:
            raise LookupError(f"nomenklatura has no algorithm {algorithm}")
        config = judge.default_config()
        start, rows = time.process_time(), []
        for asked, candidates in self.found:
            for candidate in candidates:
                score = judge.compare(self.asked[asked], self.listed[candidate], config).score
                rows.append((int(asked[1:]), int(candidate[1:]), float(score)))
        return self.blocking + time.process_time() - start, rows


def sparse_grams(listed: list[tuple[int, str, str]], queries: list[tuple[str, str]]) -> tuple[float, Rows]:
    """Return (seconds, best 20 a query) of tf-idf over 3-grams and a sparse product, as string_grouper does it."""
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sparse_dot_topn import sp_matmul_topn

    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3), dtype=np.float32)
    matrix = vectors.fit_transform([name for _, _, name in listed]).T.tocsr()
    entities = np.array([entity for entity, _, _ in listed])
    start = time.process_time()
    best = sp_matmul_topn(
        vectors.transform([name for name, _ in queries]), matrix, top_n=TOP, threshold=0.1, n_threads=1
    )
    seconds = time.process_time() - start
    asked = np.repeat(np.arange(len(queries)), np.diff(best.indptr))
    return seconds, list(
        zip(asked.tolist(), entities[best.indices].tolist(), map(float, best.data.tolist()), strict=True)
    )


def tantivy_grams(listed: list[tuple[int, str, str]], queries: list[tuple[str, str]]) -> tuple[float, Rows]:
    """Return (seconds, best 20 a query) of a search engine's 3-grams, rescored by token_sort."""
    import tantivy
    from rapidfuzz import fuzz, utils

    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("row", stored=True, fast=True)
    builder.add_text_field("name", tokenizer_name="grams")
    schema = builder.build()

    def analyser() -> Any:
        grams = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.ngram(3, 3, False))
        return grams.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold()).build()

    index = tantivy.Index(schema)
    index.register_tokenizer("grams", analyser())
    writer = index.writer(200_000_000, 1)
    for row, (_, _, name) in enumerate(listed):
        document = tantivy.Document()
        document.add_integer("row", row)
        document.add_text("name", name)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher, grams = index.searcher(), analyser()
    plain = [utils.default_process(name) for _, _, name in listed]
    start, rows = time.process_time(), []
    for asked, (name, _) in enumerate(queries):
        terms = [tantivy.Query.term_query(schema, "name", gram) for gram in dict.fromkeys(grams.analyze(name))]
        if not terms:
            continue
        wanted = tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])
        text = utils.default_process(name)
        for _, address in searcher.search(wanted, TOP, count=False).hits:
            row = searcher.doc(address)["row"][0]
            rows.append((asked, listed[row][0], float(fuzz.token_sort_ratio(text, plain[row]))))
    return time.process_time() - start, rows


def search(job: dict[str, Any]) -> dict[str, Any]:
    """Run each of the job's systems; those that end in `romanised` get both sides in Latin letters, outside the clock."""
    out: dict[str, Any] = {}
    for latin in (False, True):
        wanted = [name for name in job["systems"] if name.endswith(" romanised") is latin]
        if not wanted:
            continue
        fold: Callable[[str], str] = romanise if latin else str
        listed = [(entity, kind, fold(name)) for entity, kind, name in job["listed"]]
        queries = [(fold(name), kind) for name, kind in job["queries"]]
        engine: Nomenklatura | None = None
        for system in wanted:
            plain = system.removesuffix(" romanised")
            begin = time.process_time()
            try:
                if plain.startswith("nomenklatura "):
                    if engine is None:
                        engine = Nomenklatura(listed)
                        engine.block(queries)
                    seconds, rows = engine.score(plain.removeprefix("nomenklatura "))
                elif plain == "sparse 3-grams top 20":
                    seconds, rows = sparse_grams(listed, queries)
                else:
                    seconds, rows = tantivy_grams(listed, queries)
            except Exception as error:  # noqa: BLE001 - one peer's failure is a line of the result
                out[system] = {"error": f"{type(error).__name__}: {error}"}
                continue
            asked, entities, scores = map(list, zip(*rows, strict=True)) if rows else ([], [], [])
            out[system] = {"seconds": seconds, "rows": asked, "entities": entities, "scores": scores}
            print(f"{system}: {time.process_time() - begin:.1f} s of the processor, index included", file=sys.stderr)
    return out


def pairs(job: dict[str, Any]) -> dict[str, Any]:
    """Return the scores of pairs (name, name, schema) by each algorithm, and the seconds it took."""
    from followthemoney import ValueEntity, model
    from nomenklatura.matching import get_algorithm

    def entity(number: str, schema: str, name: str) -> Any:
        one = ValueEntity(model.get(schema), {"id": number})
        one.add("name", name)
        return one

    out: dict[str, Any] = {}
    for algorithm in job["algorithms"]:
        judge = get_algorithm(algorithm)
        if judge is None:
            out[algorithm] = {"error": "not in this version"}
            continue
        config = judge.default_config()
        start = time.process_time()
        scores = [
            float(judge.compare(entity(f"a{at}", schema, one), entity(f"b{at}", schema, other), config).score)
            for at, (one, other, schema) in enumerate(job["pairs"])  # logic-v2 keeps what it made of an id
        ]
        out[algorithm] = {"seconds": time.process_time() - start, "scores": scores}
    return out


def main() -> None:
    """Read the job, run it, write the answer."""
    job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    answer = {"versions": versions()}
    if job["mode"] != "version":
        answer["systems"] = {"search": search, "pairs": pairs}[job["mode"]](job)
    Path(sys.argv[2]).write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main()
