# Starts a RabbitMQ node in the foreground, with its own epmd, which is not a daemon and so ends with the process group.
# Usage: bash -c rabbitmq.sh NAME BIN
bin=$1
epmd -address 127.0.0.1 -port "$ERL_EPMD_PORT" &
epmd=$!
until epmd -port "$ERL_EPMD_PORT" -names >/dev/null 2>&1; do
  kill -0 "$epmd" 2>/dev/null || { echo "epmd: port $ERL_EPMD_PORT: address already in use"; exit 1; }
  sleep 0.05
done
exec "$bin/rabbitmq-server"
