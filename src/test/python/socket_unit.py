"""Holds a listening socket and runs a server on it, as systemd does with a socket unit and StandardInput=socket.

Usage: socket_unit.py PORT LOG COMMAND...

Starts the command again when it ends, as Restart=always does. Prints a JSON line with the process id of each start.
Ends on SIGTERM, after the command has ended.
"""
import json
import signal
import socket
import subprocess
import sys

port, log, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
listening = socket.socket()
listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listening.bind(("127.0.0.1", port))
listening.listen(4096)
running = None
stopping = False


def stop(number, frame):
    global stopping
    stopping = True
    if running:
        running.terminate()


signal.signal(signal.SIGTERM, stop)
with open(log, "ab") as output:
    while not stopping:
        running = subprocess.Popen(command, stdin=listening.fileno(), stdout=output, stderr=output)
        print(json.dumps({"what": "started", "pid": running.pid}), flush=True)
        running.wait()
