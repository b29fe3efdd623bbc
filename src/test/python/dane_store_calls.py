"""Makes the calls that DANE's worker library makes of its store, with Debian's client for Elasticsearch 7.

Usage: dane_store_calls.py STORE_URI USER PASSWORD. Reads one call for each line of its input, as
{"call": …, arguments}, and answers each with a line: {"answer": …}, or {"status": …, "error": …} where the client raised.
"""
import json
import sys

from elasticsearch import Elasticsearch
from elasticsearch.exceptions import TransportError

INDEX = "dane-index"


def search(es, body):
    return es.search(index=INDEX, body=body)


def must(*clauses, source=True):
    return {"_source": source, "query": {"bool": {"must": list(clauses)}}}


def parent(kind, query):
    return {"has_parent": {"parent_type": kind, "query": query}}


CALLS = {
    "ping": lambda es: es.ping(),
    "info": lambda es: es.info(),
    "exists": lambda es: es.indices.exists(index=INDEX),
    "create": lambda es: es.indices.create(index=INDEX, body={"mappings": {"properties": {"role": {"type": "join"}}}}),
    "assigned": lambda es, document, key=None: search(
        es,
        must(
            {"match": {"_routing": document}},
            {"exists": {"field": "task.key"}},
            *([{"match": {"task.key": key}}] if key else []),
            source={"excludes": ["role"]},
        ),
    ),
    "task": lambda es, task: search(
        es,
        must(
            parent("document", {"exists": {"field": "target.id"}}),
            {"match": {"_id": task}},
            {"exists": {"field": "task.key"}},
            source=["task", "created_at", "updated_at"],
        ),
    ),
    "document_of_task": lambda es, task: search(
        es, must({"has_child": {"type": "task", "query": {"match": {"_id": task}}}}, source={"excludes": ["role"]})
    ),
    "tasks_below": lambda es, document, key: search(
        es, must(parent("document", {"match": {"_id": document}}), {"match": {"task.key": key}}, source=False)
    ),
    "results": lambda es, tasks: search(
        es,
        must(
            parent("task", {"bool": {"should": [{"match": {"_id": task}} for task in tasks]}}),
            {"exists": {"field": "result.generator.id"}},
            source="result",
        ),
    ),
    "result": lambda es, result: search(
        es,
        must(
            parent("task", {"exists": {"field": "task.key"}}),
            {"match": {"_id": result}},
            {"exists": {"field": "result.generator.id"}},
            source="result",
        ),
    ),
    "get": lambda es, document: es.get(index=INDEX, id=document, _source_excludes=["role"], ignore=404),
    "save": lambda es, task, body: es.index(index=INDEX, routing=task, body=json.dumps(body), refresh=True),
    "delete": lambda es, result: es.delete(INDEX, result),
    "search": lambda es, body: search(es, body),
    "count": lambda es: es.count(index=INDEX),
    "bulk": lambda es: es.bulk(body=[{"index": {"_index": INDEX}}, {"x": 1}]),
}

if __name__ == "__main__":
    uri, user, password = sys.argv[1:4]
    client = Elasticsearch([uri], http_auth=(user, password), timeout=30)
    print(json.dumps({"what": "ready"}), flush=True)
    for line in sys.stdin:
        arguments = json.loads(line)
        call = arguments.pop("call")
        try:
            print(json.dumps({"what": "answer", "answer": CALLS[call](client, **arguments)}), flush=True)
        except TransportError as error:
            print(json.dumps({"what": "answer", "status": error.status_code, "error": str(error.info)}), flush=True)
