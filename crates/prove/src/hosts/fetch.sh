# Fetches files together: the most bytes that they may take, then the name and address of each. Says which it had; what does
# not fit beside the others is kept, and said to come later.
most=$1
shift
kept=/tmp/kept
out=/tmp/fetched
rm -rf "$out"
mkdir -p "$out" "$kept"

fetch() {
    [ -f "$kept/$1" ] && return
    curl -fsSL --proto =http,https --retry 2 --max-time 100 --max-filesize "$most" -o "$kept/$1.new" -- "$2" &&
        mv "$kept/$1.new" "$kept/$1"
}

keys=
while [ $# -gt 1 ]; do
    fetch "$1" "$2" &
    keys="$keys $1"
    shift 2
done
wait

room=$most
for key in $keys; do
    [ -f "$kept/$key" ] || continue
    size=$(stat -c %s "$kept/$key")
    if [ "$size" -le "$room" ]; then
        mv "$kept/$key" "$out/$key"
        room=$((room - size))
        echo "had $key"
    elif [ "$size" -le "$most" ]; then
        echo "later $key"
    else
        rm "$kept/$key"
    fi
done
