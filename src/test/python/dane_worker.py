"""A worker as DANE's base_worker behaves, for tests: strict about unknown fields, late in its acknowledgements.

Usage: dane_worker.py AMQP_URI EXCHANGE QUEUE KEY[,KEY…] [STORE_URI]

What it does with a task stands in the task's arguments, so that a test says it when it assigns the task:
  state        what it answers; 200 where nothing is said
  message      its message
  form         object (default), text: the state as text, string: JSON in a JSON string, garbage: no JSON at all
  needs        keys that must have succeeded on the document first, as a worker's depends_on
  needs_args   {key: arguments} for those that have to be made
  refuse       how often this process gives the message back before it works
  demands      what it says to need each time, with state 412
  results      how many results it saves in the store before it answers
  bytes        the size of a text in each of them; the id of their generator is then the SHA-256 of the payload
  again        how many of them it saves a second time
  take_back    how many of them, the first ones, it deletes afterwards
  unsaved      what it answers if the store fails; 500 where nothing is said
  saves_until  the last attempt that saves results; all where nothing is said
  payload      the size of each payload in bytes; small where nothing is said
  fail_first   how many of the first attempts, which the correlation id counts, end in 503
  silent       takes the message and never answers
It ends when its connection is closed or on SIGTERM. Every line that it prints is one thing that it did, as JSON.
"""
import hashlib
import json
import logging
import random
import signal
import sys
from collections import Counter

import pika


class Task:
    def __init__(self, key, priority=1, _id=None, api=None, state=None, msg=None, created_at=None, updated_at=None, args=None):
        self.key, self.priority, self.id, self.args = key, priority, _id, args or {}
        assert isinstance(state, int) and isinstance(priority, int) and key == key.upper()


class Document:
    def __init__(self, target, creator, api=None, _id=None, created_at=None, updated_at=None):
        self.target, self.creator, self.id = target, creator, _id
        assert {"id", "url", "type"} <= target.keys() and {"id", "type"} <= creator.keys()


def say(what, **more):
    print(json.dumps({"what": what, **more}), flush=True)


class Failures(logging.Handler):
    """Counts the calls of the store's client that failed, also those that it repeated by itself."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.count = 0

    def emit(self, record):
        self.count += 1


class Store:
    """The calls that the worker library makes, with the client for Elasticsearch 7."""

    def __init__(self, uri):
        from elasticsearch import Elasticsearch

        self.index = "dane-index"
        self.failures = Failures()
        logging.getLogger("elasticsearch").addHandler(self.failures)
        self.es = Elasticsearch([uri], timeout=30)
        if not self.es.ping():
            raise ConnectionError("the store could not be pinged")
        if not self.es.indices.exists(index=self.index):
            self.es.indices.create(index=self.index, body={"mappings": {"properties": {}}})

    def assigned(self, document_id):
        query = {
            "_source": {"excludes": ["role"]},
            "query": {"bool": {"must": [{"match": {"_routing": document_id}}, {"exists": {"field": "task.key"}}]}},
        }
        return [hit["_source"]["task"] for hit in self.es.search(index=self.index, body=query)["hits"]["hits"]]

    def results(self, task_id):
        clauses = [
            {"has_parent": {"parent_type": "task", "query": {"bool": {"should": [{"match": {"_id": task_id}}]}}}},
            {"exists": {"field": "result.generator.id"}},
        ]
        query = {"_source": "result", "query": {"bool": {"must": clauses}}}
        return [hit["_id"] for hit in self.es.search(index=self.index, body=query)["hits"]["hits"]]

    def save(self, task, number):
        payload = {"number": number, "task": task.id}
        generator = "abc1234"
        if "payload" in task.args:
            payload["text"] = ""
            payload["text"] = "x" * (task.args["payload"] - len(json.dumps(payload)))
        if "bytes" in task.args:
            # The same for each run, so that a repeated save is the same save.
            letters = random.Random(f"{task.id} {number}").choices("0123456789abcdef", k=task.args["bytes"])
            payload["text"] = "".join(letters)
            generator = hashlib.sha256(json.dumps(payload, separators=(",", ":")).encode()).hexdigest()
        body = {
            "result": {
                "generator": {"id": generator, "type": "Software", "name": task.key, "homepage": "http://example.org"},
                "payload": payload,
            },
            "role": {"name": "result", "parent": task.id},
            "created_at": "2026-03-01T12:00:00",
            "updated_at": "2026-03-01T12:00:00",
        }
        return self.es.index(index=self.index, routing=task.id, body=json.dumps(body), refresh=True)["_id"]

    def take_back(self, task, result):
        # Not there if the result came too late.
        return self.es.delete(index=self.index, id=result, routing=task.id, ignore=404)["result"]


class Worker:
    def __init__(self, uri, exchange, queue, keys, store):
        self.store, self.refused = store, Counter()
        self.connection = pika.BlockingConnection(pika.URLParameters(uri))
        self.channel = self.connection.channel()
        self.channel.exchange_declare(exchange=exchange, exchange_type="topic")
        self.channel.queue_declare(queue=queue, arguments={"x-max-priority": 10}, durable=True)
        for key in keys:
            self.channel.queue_bind(exchange=exchange, queue=queue, routing_key="#." + key)
        self.channel.basic_qos(prefetch_count=1)
        self.channel.basic_consume(queue, self.take)
        signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))

    def run(self):
        say("ready")
        self.channel.start_consuming()

    def take(self, channel, method, properties, body):
        try:
            received = json.loads(body)
            task, document = Task(**received["task"]), Document(**received["document"])
        except (TypeError, KeyError, AssertionError) as error:
            say("unreadable", error=repr(error))
            return self.reply(channel, method, properties, {"state": 400, "message": "Invalid format, unable to proceed"})
        say("took", task=task.id, key=task.key, correlation_id=properties.correlation_id, redelivered=method.redelivered)
        if task.args.get("silent"):
            return None
        if self.refused[task.id] < task.args.get("refuse", 0):
            self.refused[task.id] += 1
            say("refused", task=task.id)
            return channel.basic_nack(method.delivery_tag)
        attempt = int(properties.correlation_id.split(".")[-2])
        try:
            answer = self.work(task, document, attempt)
        except Exception as error:
            say("failed", error=repr(error))
            answer = {"state": 500, "message": f"Unhandled worker error: {error}"}
        return self.reply(channel, method, properties, answer)

    def work(self, task, document, attempt):
        args = task.args
        if attempt <= args.get("fail_first", 0):
            return {"state": 503, "message": "proxy down"}
        if args.get("demands"):
            return {"state": 412, "message": "Unfinished dependencies", "dependencies": args["demands"]}
        waiting = self.waits(args, document)
        if waiting is not None:
            return {"state": 412, "message": "Unfinished dependencies", "dependencies": waiting}
        if args.get("results") and attempt <= args.get("saves_until", attempt):
            failures = self.store.failures.count
            try:
                self.save(task)
            except Exception as error:
                if "unsaved" not in args:
                    raise
                say("unsaved", task=task.id, error=repr(error))
                return {"state": args["unsaved"], "message": f"the store failed: {error}"}
            finally:
                if self.store.failures.count > failures:
                    say("disturbed", task=task.id)
        if args.get("results") and "bytes" not in args:
            say("found", task=task.id, results=self.store.results(task.id))
        return {"state": args.get("state", 200), "message": args.get("message", "worked on " + document.target["id"]), "form": args.get("form")}

    def save(self, task):
        args, saved = task.args, []
        for number in range(args["results"]):
            saved.append(self.store.save(task, number))
            say("saved", task=task.id, result=saved[number])
            if number < args.get("again", 0):
                say("saved", task=task.id, result=self.store.save(task, number))
        for result in saved[: args.get("take_back", 0)]:
            say("took back", task=task.id, result=result, outcome=self.store.take_back(task, result))

    def waits(self, args, document):
        """None when there is nothing to wait for; else what is missing, empty when all is assigned."""
        if not args.get("needs"):
            return None
        states = {task["key"]: task["state"] for task in self.store.assigned(document.id)}
        made = args.get("needs_args", {})
        missing = [dict(made[key], key=key) if key in made else key for key in args["needs"] if key not in states]
        done = not missing and all(states[key] == 200 for key in args["needs"])
        return None if done else missing

    def reply(self, channel, method, properties, answer):
        form = answer.pop("form", None)
        if form == "text":
            answer["state"] = str(answer["state"])
        body = json.dumps(answer)
        if form == "string":
            body = json.dumps(body)
        if form == "garbage":
            body = "no json"
        channel.basic_publish(
            exchange="",
            routing_key=properties.reply_to,
            properties=pika.BasicProperties(correlation_id=properties.correlation_id, delivery_mode=2),
            body=body,
        )
        channel.basic_ack(method.delivery_tag)
        say("answered", state=answer["state"])


if __name__ == "__main__":
    uri, exchange, queue, keys = sys.argv[1:5]
    store = Store(sys.argv[5]) if len(sys.argv) > 5 else None
    Worker(uri, exchange, queue, keys.split(","), store).run()
