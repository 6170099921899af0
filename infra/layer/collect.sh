#!/bin/sh
# Copy the libraries of libraries.txt into the layer, and fail if one is missing or needs another that nobody brings.
set -eu

target=$1
names() { grep -v '^#' "$1"; }

mkdir -p "$target/lib" "$target/etc/fonts"
cp fonts.conf "$target/etc/fonts/fonts.conf"

missing=""
for name in $(names libraries.txt); do
    if [ -e "/usr/lib64/$name" ]; then
        # Under the name that is asked for, without symbolic links: a layer is a zip.
        cp --dereference "/usr/lib64/$name" "$target/lib/$name"
        strip --strip-unneeded "$target/lib/$name" 2>/dev/null || true
    elif ldd "$target"/lib/*.so* 2>/dev/null | grep -q "^[[:space:]]*$name "; then
        missing="$missing $name"
    fi
done
for name in libgobject-2.0.so.0 libpango-1.0.so.0 libpangoft2-1.0.so.0 libharfbuzz.so.0 libharfbuzz-subset.so.0 libfontconfig.so.1; do
    [ -e "$target/lib/$name" ] || missing="$missing $name"
done

needed=$(ldd "$target"/lib/*.so* | awk '/=>/ {print $1}' | sort -u)
for name in $needed; do
    case " $(names libraries.txt | tr '\n' ' ') $(names provided.txt | tr '\n' ' ') " in
        *" $name "*) ;;
        *) missing="$missing $name(not-listed)" ;;
    esac
done

if [ -n "$missing" ]; then
    echo "The layer lacks:$missing" >&2
    exit 1
fi
