"""Checks outputs against the schemas in docs/schemas, with a validator that others wrote.

Arguments: the folder of the schemas. Standard input: a JSON array of [schema's name, output].
Each problem is a line on standard output. Beside what is not valid, a problem is a schema that no
output was for, a key that no output had, and a key whose value was never null or always null
although the schema allows both.
"""

import json
import pathlib
import sys

from jsonschema import Draft202012Validator

# What no run of the test shows: `schema:path` and what was not seen of it.
UNSEEN = set(json.loads(sys.argv[2])) if len(sys.argv) > 2 else set()


def parts(schema, root, path, found):
    """Every key of every object: its path, and whether it may be null."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/$defs/")
        # An error object has a schema of its own, which is the same.
        if name != "error":
            parts(root["$defs"][name], root, path, found)
        return found
    for one in schema.get("anyOf", []):
        parts(one, root, path, found)
    for key, below in schema.get("properties", {}).items():
        at = f"{path}.{key}"
        kinds = below.get("type", [])
        may_be_null = "null" in kinds or {"type": "null"} in below.get("anyOf", [])
        found[at] = may_be_null
        parts(below, root, at, found)
    if "items" in schema:
        parts(schema["items"], root, path + "[]", found)
    return found


def values(value, path, seen):
    """What was seen of every key."""
    if isinstance(value, dict):
        for key, below in value.items():
            at = f"{path}.{key}"
            seen.setdefault(at, set()).add(below is None)
            values(below, at, seen)
    elif isinstance(value, list):
        for below in value:
            values(below, path + "[]", seen)


def main():
    schemas = {
        path.stem: json.loads(path.read_text())
        for path in pathlib.Path(sys.argv[1]).glob("*.json")
    }
    problems = []
    seen = {name: {} for name in schemas}
    for name, output in json.load(sys.stdin):
        if name not in schemas:
            problems.append(f"{name}: there is no such schema")
            continue
        for error in Draft202012Validator(schemas[name]).iter_errors(output):
            problems.append(f"{name}: {error.json_path}: {error.message[:300]}")
        values(output, "$", seen[name])
    unseen = set()
    error = schemas["error"]["properties"]["error"]
    for name, schema in sorted(schemas.items()):
        if schema.get("$defs", {}).get("error", error) != error:
            problems.append(f"{name}: its error is not that of error.json")
    for name, schema in sorted(schemas.items()):
        Draft202012Validator.check_schema(schema)
        for at, may_be_null in parts(schema, schema, "$", {}).items():
            kinds = seen[name].get(at, set())
            wanted = {False, True} if may_be_null else {False}
            for is_null in wanted - kinds:
                unseen.add(f"{name}:{at} {'null' if is_null else 'value'}")
    problems += [f"{it}: no output had it" for it in sorted(unseen - UNSEEN)]
    print("\n".join(problems))
    sys.exit(bool(problems))


main()
