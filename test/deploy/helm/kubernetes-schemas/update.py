"""Writes the schemas in this folder. README.md says how to run it."""

import json
import pathlib
import sys

import yaml

HERE = pathlib.Path(__file__).parent
VERSIONS = ["v1.30.0", "v1.37.0"]
KINDS = [
    "configmap-v1",
    "deployment-apps-v1",
    "horizontalpodautoscaler-autoscaling-v2",
    "ingress-networking-v1",
    "job-batch-v1",
    "networkpolicy-networking-v1",
    "poddisruptionbudget-policy-v1",
    "service-v1",
    "serviceaccount-v1",
]
CUSTOM = ["servicemonitors", "prometheusrules"]


def trim(node):
    """Without descriptions and extensions, which no validator reads, and with references to files beside each other."""
    if isinstance(node, dict):
        return {
            key: value.replace("/api/", "") if key == "$ref" else trim(value)
            for key, value in node.items()
            if not (key == "description" and isinstance(value, str))
            and not key.startswith("x-kubernetes")
            and not (key == "$id" and isinstance(value, str))
        }
    return [trim(value) for value in node] if isinstance(node, list) else node


def strict(node):
    """Refuses properties that the schema does not name."""
    if isinstance(node, dict):
        for value in node.values():
            strict(value)
        if "properties" in node and "additionalProperties" not in node:
            node["additionalProperties"] = False
    elif isinstance(node, list):
        for value in node:
            strict(value)
    return node


def referenced(node, definitions, found):
    if isinstance(node, dict):
        name = node.get("$ref", "").split("/")[-1]
        if name and name not in found:
            found.add(name)
            referenced(definitions[name], definitions, found)
        for value in node.values():
            referenced(value, definitions, found)
    elif isinstance(node, list):
        for value in node:
            referenced(value, definitions, found)
    return found


def write(path, document):
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(document, separators=(",", ":"), sort_keys=True) + "\n")


def main(wheel, operator):
    source = pathlib.Path(wheel) / "kubernetes_validate" / "kubernetes-json-schema"
    for version in VERSIONS:
        folder = source / f"{version}-local-strict"
        definitions = json.loads((folder / "_definitions.json").read_text())["$defs"]
        found = set()
        for kind in KINDS:
            schema = json.loads((folder / f"{kind}.json").read_text())
            referenced(schema, definitions, found)
            write(HERE / version / f"{kind}.json", trim(schema))
        kept = {name: trim(definitions[name]) for name in found}
        write(HERE / version / "_definitions.json", {"$defs": kept})
    for name in CUSTOM:
        file = pathlib.Path(operator) / "example" / "prometheus-operator-crd" / f"monitoring.coreos.com_{name}.yaml"
        crd = yaml.safe_load(file.read_text())
        kind = crd["spec"]["names"]["kind"].lower()
        [version] = crd["spec"]["versions"]
        schema = strict(trim(version["schema"]["openAPIV3Schema"]))
        schema["properties"]["metadata"] = {"type": "object"}
        write(HERE / "custom" / f"{kind}-monitoring-{version['name']}.json", schema)


main(*sys.argv[1:])
