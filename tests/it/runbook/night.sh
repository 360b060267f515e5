#!/bin/sh
# Restarts a service on each host that is named, and prints a line about each.
# It uses only what docs/scripting.md promises: exit codes, and for `run` 255 and the error's name.
# `page WHY` wakes somebody, and returns when that person has done what they can.
set -u

# The hosts of tonight, once they can be listed.
list() {
    tries=0
    while [ $((tries += 1)) -le 5 ]; do
        vendor-ssm list --output json >list.json 2>list.err
        code=$?
        case $code in
        0)
            echo "list: whole"
            return
            ;;
        4)
            echo "list: partial"
            return
            ;;
        20)
            echo "list: no login"
            page login
            ;;
        40 | 41 | 42)
            echo "list: later"
            sleep 1
            ;;
        *)
            echo "list: gave up at $code"
            exit 1
            ;;
        esac
    done
    exit 1
}

# The name of the error of a result, which is empty if the command itself ended with 255.
# Nothing remote can write it: in the JSON, quotes inside output have a backslash before them.
error_name() {
    sed -n 's/.*"error":{"name":"\([a-z-]*\)".*/\1/p' result.json
}

# Restarts the service on one host. Fails if no other host should be tried.
restart() {
    tries=0
    while [ $((tries += 1)) -le 3 ]; do
        vendor-ssm run "$1" --output json --timeout 60 -- sh restart "$1" >result.json 2>result.err
        code=$?
        case $code in
        0)
            echo "$1: restarted"
            return
            ;;
        255) ;;
        *)
            echo "$1: the service says $code"
            page "$1"
            return
            ;;
        esac
        name=$(error_name)
        case $name in
        "")
            echo "$1: the service says 255"
            return
            ;;
        throttled | network | aws-error)
            echo "$1: later"
            sleep 1
            ;;
        base-credentials)
            echo "$1: no login"
            page login
            ;;
        not-connected)
            echo "$1: not connected"
            page "$1"
            ;;
        ambiguous | no-match)
            echo "$1: which host? ($name)"
            return
            ;;
        customer-role-denied | start-denied | credentials-revoked)
            echo "$1: the grant is gone"
            page revoked
            return 1
            ;;
        lost | timed-out)
            echo "$1: look before you repeat it"
            return
            ;;
        *)
            echo "$1: gave up at $name"
            return 1
            ;;
        esac
    done
    echo "$1: gave up"
}

list

# Only the first line of a log without end: the reader closes the pipe.
{
    vendor-ssm run web-1 -- sh -c 'while echo line; do :; done' 2>log.err
    echo "log: $?" >log.code
} | head -n 1
cat log.code

# A name that fits several hosts has an exit code of its own where no remote command has one.
vendor-ssm connect twin --dry-run --output json >twin.json 2>twin.err
echo "connect: $?"

for host in "$@"; do
    restart "$host" || break
done
