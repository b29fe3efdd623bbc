# Runs a command in a process group of its own and ends that whole group when standard input ends. The parent
# holds the other end of that pipe and never writes to it but one word, so the group ends however the parent ends,
# kill -9 included. First TERM, then KILL; the word "kill" on the pipe is KILL at once.
# Usage: setsid bash -c guard.sh NAME SECONDS COMMAND...
trap '' INT HUP
seconds=$1
shift
exec 3<&0 </dev/null

# Processes that are dead and not yet collected do not count.
group_lives() {
  local stat line
  if [ ! -d /proc/self ]; then
    kill -0 -- "-$child" 2>/dev/null
    return
  fi
  for stat in /proc/[0-9]*/stat; do
    { read -r line <"$stat"; } 2>/dev/null || continue
    set -- ${line##*) }
    [ "$3" = "$child" ] && [ "$1" != Z ] && return 0
  done
  return 1
}

end_group() {
  kill -TERM -- "-$child" 2>/dev/null
  for ((tenths = 0; tenths < seconds * 10; tenths++)); do
    group_lives || return
    sleep 0.1
  done
  kill -KILL -- "-$child" 2>/dev/null
}

set -m
"$@" 3<&- &
child=$!
set +m

(
  if read -r word <&3 && [ "$word" = kill ]; then
    kill -KILL -- "-$child" 2>/dev/null
  else
    end_group
  fi
) &
watcher=$!
disown "$watcher"
exec 3<&-

wait "$child"
status=$?
group_lives && end_group
kill -KILL "$watcher" 2>/dev/null
exit "$status"
