"""Sends the searches of DANE's clients, and writes to DANE's index, with Debian's client for Elasticsearch 7.

Usage: dane_index_calls.py STORE_URI ARGUMENTS, where ARGUMENTS is a JSON object with document, task, result, target, creator
and key. Writes a line for each search with the total and the hits, and a line for each write with its outcome.
"""
import json
import sys

from elasticsearch import Elasticsearch
from elasticsearch.exceptions import TransportError
from elasticsearch.helpers import scan

INDEX = "dane-index"


def must(*clauses, **others):
    return dict({"query": {"bool": dict({"must": list(clauses)}, **others.pop("bool", {}))}}, **others)


def parent(kind, query):
    return {"has_parent": {"parent_type": kind, "query": query}}


def match(field, value):
    return {"match": {field: value}}


def text(field, query):
    return {"query_string": {"default_field": field, "query": query}}


def exists(field):
    return {"exists": {"field": field}}


def quoted(value):
    return '"%s"' % value


def searches(document, task, result, target, creator, key):
    of_creator = parent("document", {"bool": {"must": [text("creator.id", quoted(creator))]}})
    of_target = parent("document", {"bool": {"must": [text("target.id", target)]}})
    open_states = {"must_not": [match("task.state", state) for state in (200, 412)]}
    runnable = {"must_not": [match("task.state", state) for state in (200, 412, 422, 500, 400, 403, 404, 102)]}
    return {
        "getAssignedTasks": must(match("_routing", document), exists("task.key"), _source={"excludes": ["role"]}),
        "getAssignedTasks with key": must(
            match("_routing", document), exists("task.key"), match("task.key", key), _source={"excludes": ["role"]}
        ),
        "getAssignedTasks of the first 0.2": must(
            parent("document", match("_id", document)), exists("task.key"), _source={"excludes": ["role"]}
        ),
        "taskFromTaskId": must(
            parent("document", exists("target.id")),
            match("_id", task),
            exists("task.key"),
            _source=["task", "created_at", "updated_at"],
        ),
        "documentFromTaskId": must(
            {"has_child": {"type": "task", "query": match("_id", task)}}, _source={"excludes": ["role"]}
        ),
        "searchResult 1": must(parent("document", match("_id", document)), match("task.key", key), _source=False),
        "searchResult 2": must(
            parent("task", {"bool": {"should": [match("_id", task)]}}), exists("result.generator.id"), _source="result"
        ),
        "resultFromResultId": must(
            parent("task", exists("task.key")), match("_id", result), exists("result.generator.id"), _source="result"
        ),
        "search": must(
            {"wildcard": {"target.id": {"value": target[:-1] + "?"}}},
            {"wildcard": {"creator.id": {"value": "*"}}},
            _source={"excludes": ["role"]},
            **{"from": 0},
        ),
        "getUnfinished": must(
            parent("document", exists("target.id")), bool=open_states, _source={"excludes": ["role"]}
        ),
        "getUnfinished runnable": must(
            parent("document", exists("target.id")), bool=runnable, _source={"excludes": ["role"]}
        ),
        "workers/<key>": must(
            parent("document", exists("target.id")),
            match("task.key", key),
            bool={"must_not": [match("task.state", state) for state in (102, 200, 201, 412)]},
            _source={"excludes": ["role"]},
        ),
        "get_docs_of_creator": must(
            text("creator.id", quoted(creator)),
            _source=["target", "creator", "created_at", "updated_at"],
            **{"from": 0, "size": 200},
        ),
        "get_tasks_of_creator": must(
            of_creator,
            text("task.key", key),
            _source=["task", "created_at", "updated_at", "role"],
            **{"from": 0, "size": 200},
        ),
        "get_results_of_creator": must(
            parent("task", {"bool": {"must": [of_creator, text("task.key", key)]}}),
            exists("result.payload"),
            _source=["result", "created_at", "updated_at", "role"],
            **{"from": 0, "size": 200},
        ),
        "get_task_of_target_id": must(
            of_target, text("task.key", key), _source=["task", "created_at", "updated_at", "role"]
        ),
        "get_result_of_target_id": must(
            parent("task", {"bool": {"must": [of_target, text("task.key", key)]}}), exists("result.payload")
        ),
        "DANEBatchHandler": must(
            parent("document", text("creator.id", creator)),
            exists("task.key"),
            _source=["task", "created_at", "updated_at"],
            **{"from": 0, "size": 200},
        ),
        "parent_id": {"query": {"parent_id": {"type": "result", "id": task}}},
        "no body": None,
    }


def writes(es, document, task, result, target, creator, key):
    body = {"target": {"id": target}, "role": "document"}
    yield "create another index", lambda: es.indices.create(index="dane-objectclassification")
    yield "index a document", lambda: es.index(index=INDEX, id=document, body=body, refresh=True)
    yield "create a document", lambda: es.index(index=INDEX, id="new", body=body, op_type="create")
    yield "index an embedding", lambda: es.index(index="dane-objectclassification", body={"doc_id": document})
    yield "update a task", lambda: es.update(index=INDEX, id=task, body={"doc": {"task": {"state": 200}}})
    yield "bulk", lambda: es.bulk(body=[{"update": {"_index": INDEX, "_id": task}}, {"doc": {}}])
    yield "msearch", lambda: es.msearch(body=[{"index": INDEX}, {"query": {"match_all": {}}}])
    yield "delete_by_query", lambda: es.delete_by_query(index=INDEX, body={"query": {"match_all": {}}})
    yield "update_by_query", lambda: es.update_by_query(index=INDEX, body={"query": {"match_all": {}}})
    yield "delete a task", lambda: es.delete(index=INDEX, id=task)
    yield "delete the index", lambda: es.indices.delete(index=INDEX)
    yield "put a mapping", lambda: es.indices.put_mapping(index=INDEX, body={"properties": {}})
    yield "count", lambda: es.count(index=INDEX)
    yield "sort", lambda: es.search(index=INDEX, body={"sort": ["created_at"]})
    yield "aggregate", lambda: es.search(index=INDEX, body={"aggs": {}})
    yield "search another index", lambda: es.search(index="other")


def hits(answer):
    return [dict(hit) for hit in answer["hits"]["hits"]]


def tell(**event):
    print(json.dumps(event), flush=True)


if __name__ == "__main__":
    arguments = json.loads(sys.argv[2])
    client = Elasticsearch([sys.argv[1]], timeout=30)
    for name, body in searches(**arguments).items():
        found = client.search(index=INDEX, body=body, size=1000) if body else client.search(index=INDEX)
        tell(what="search", name=name, total=found["hits"]["total"]["value"], hits=hits(found))
    scrolled = list(scan(client, index=INDEX, query={"query": {"match_all": {}}}, size=2))
    tell(what="search", name="downloader", total=len(scrolled), hits=scrolled)
    record = client.get(index=INDEX, id=arguments["task"], _source_excludes=["role"])
    tell(what="search", name="GET without role", total=1, hits=[record])
    record = client.get(index=INDEX, id=arguments["task"])
    tell(what="search", name="GET", total=1, hits=[record])
    for name, write in writes(client, **arguments):
        try:
            tell(what="write", name=name, answer=str(write()))
        except TransportError as error:
            tell(what="write", name=name, error=str(error))
    tell(what="done")
