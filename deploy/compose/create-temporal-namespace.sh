#!/bin/sh
# Creates the namespace TEMPORAL_NAMESPACE if it does not exist. Compose runs it again while the server starts.
# RETENTION is how long Temporal keeps the history of an ended workflow.
set -eu

temporal operator cluster health >/dev/null
if temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then exit 0; fi
temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "${RETENTION:-720h}"
