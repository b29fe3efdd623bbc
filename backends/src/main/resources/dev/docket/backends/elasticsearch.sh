# Starts Elasticsearch in the foreground. It refuses to run as root; then it runs as nobody, to whom DIR is given.
# Usage: bash -c elasticsearch.sh NAME HOME DIR
home=$1 dir=$2
if [ "$(id -u)" != 0 ]; then
  exec "$home/bin/elasticsearch"
fi
command -v setpriv >/dev/null || { echo "As root, Elasticsearch needs the command setpriv (package util-linux)."; exit 1; }
chown -R nobody "$dir"
nobody=(setpriv --reuid=nobody "--regid=$(id -g nobody)" --clear-groups)
for needed in "$home/bin/elasticsearch" "$dir/config/elasticsearch.yml" "$ES_JAVA_HOME/bin/java"; do
  if ! "${nobody[@]}" cat "$needed" >/dev/null 2>&1; then
    echo "Elasticsearch does not run as root, so it is started as the user nobody, who cannot read $needed."
    echo "Make the directories above it traversable (chmod o+x), or use a place such as /tmp, or an ordinary user."
    exit 1
  fi
done
cd "$dir" || exit 1
exec "${nobody[@]}" "$home/bin/elasticsearch"
