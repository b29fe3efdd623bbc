# Runs a command until it ends, or until standard input does, whose other end the parent holds: so the command
# ends however the parent ends, kill -9 included. TERM first, KILL after 20 s. Control-C is for the parent to act on.
# Usage: bash -c guard.sh NAME COMMAND...
trap '' INT HUP
exec 3<&0 </dev/null
set -m
"$@" 3<&- &
child=$!
set +m
(
  read -r <&3
  kill -TERM "$child"
  for ((tenths = 0; tenths < 200; tenths++)); do
    kill -0 "$child" || exit
    sleep 0.1
  done
  kill -KILL "$child"
) 2>/dev/null &
watcher=$!
disown "$watcher"
exec 3<&-
wait "$child"
status=$?
kill -KILL "$watcher" 2>/dev/null
exit "$status"
