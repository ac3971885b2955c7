{{/* The names of everything in this release. */}}
{{- define "throughline.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "throughline.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains (include "throughline.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "throughline.name" .) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "throughline.selectorLabels" -}}
app.kubernetes.io/name: {{ include "throughline.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "throughline.labels" -}}
{{ include "throughline.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "throughline.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "throughline.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "throughline.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{/* One variable from a Secret; nothing if the Secret has no name. Called with (list VARIABLE reference). */}}
{{- define "throughline.secretVariable" -}}
{{- $reference := index . 1 -}}
{{- if $reference.name }}
- name: {{ index . 0 }}
  valueFrom:
    secretKeyRef:
      name: {{ $reference.name }}
      key: {{ $reference.key }}
{{- end -}}
{{- end -}}

{{- define "throughline.databaseEnvironment" -}}
{{- include "throughline.secretVariable" (list "DATABASE_URL" .Values.secrets.database) }}
{{- end -}}

{{/* The variables of all roles. Called with the root and the role's values: (list $ .Values.api). */}}
{{- define "throughline.environment" -}}
{{- $root := index . 0 -}}
{{- $role := index . 1 -}}
{{- $values := $root.Values -}}
{{- include "throughline.databaseEnvironment" $root }}
{{- include "throughline.secretVariable" (list "THROUGHLINE_SECRET" $values.secrets.signing) }}
{{- include "throughline.secretVariable" (list "THROUGHLINE_PREVIOUS_SECRET" $values.secrets.previousSigning) }}
{{- include "throughline.secretVariable" (list "SMTP_URL" $values.secrets.smtp) }}
{{- include "throughline.secretVariable" (list "CHANNELS" $values.secrets.channels) }}
{{- include "throughline.secretVariable" (list "SOURCES" $values.secrets.sources) }}
- name: PORT
  value: '3000'
- name: HEALTH_PORT
  value: {{ $values.healthPort | quote }}
{{- range $name, $value := merge (deepCopy $role.config) $values.config }}
{{- if has $name (list "DATABASE_URL" "THROUGHLINE_SECRET" "THROUGHLINE_PREVIOUS_SECRET" "SMTP_URL" "CHANNELS" "SOURCES" "TEMPORAL_API_KEY") }}
{{- fail (printf "config.%s would put a secret into the release: create a Secret, and name it in `secrets` (TEMPORAL_API_KEY: in temporal.apiKey)" $name) }}
{{- end }}
{{- if has $name (list "PORT" "HEALTH_PORT" "TEMPORAL_ADDRESS" "TEMPORAL_NAMESPACE") }}
{{- fail (printf "config.%s is set by the chart: see healthPort, service and temporal in its values" $name) }}
{{- end }}
{{- if ne (toString $value) "" }}
- name: {{ $name }}
  value: {{ $value | toString | quote }}
{{- end }}
{{- end }}
- name: TEMPORAL_ADDRESS
  value: {{ required "set temporal.address: host:port of Temporal's frontend, such as temporal-frontend.temporal.svc.cluster.local:7233" $values.temporal.address | quote }}
- name: TEMPORAL_NAMESPACE
  value: {{ $values.temporal.namespace | quote }}
{{- include "throughline.secretVariable" (list "TEMPORAL_API_KEY" $values.temporal.apiKey) }}
{{- with $values.temporal.tls }}
{{- if .enabled }}
- name: TEMPORAL_TLS
  value: 'true'
{{- end }}
{{- if .serverName }}
- name: TEMPORAL_TLS_SERVER_NAME
  value: {{ .serverName | quote }}
{{- end }}
{{- if .clientCertificate }}
- name: TEMPORAL_TLS_CLIENT_CERT_PATH
  value: /etc/temporal/client/tls.crt
- name: TEMPORAL_TLS_CLIENT_KEY_PATH
  value: /etc/temporal/client/tls.key
{{- end }}
{{- if .serverCa }}
- name: TEMPORAL_TLS_SERVER_CA_CERT_PATH
  value: /etc/temporal/ca/ca.crt
{{- end }}
{{- end }}
{{- with $values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- with $role.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* What every pod has in common: no root, no privileges, no token of the cluster. */}}
{{- define "throughline.podSecurity" -}}
automountServiceAccountToken: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: { type: RuntimeDefault }
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "throughline.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end -}}

{{/* The Deployment of a role. Called with (list $ "api" .Values.api). */}}
{{- define "throughline.deployment" -}}
{{- $root := index . 0 -}}
{{- $name := index . 1 -}}
{{- $role := index . 2 -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "throughline.fullname" $root }}-{{ $name }}
  labels:
    {{- include "throughline.labels" $root | nindent 4 }}
    app.kubernetes.io/component: {{ $name }}
spec:
  {{- if not $role.autoscaling.enabled }}
  replicas: {{ $role.replicas }}
  {{- end }}
  revisionHistoryLimit: 5
  # A new pod is ready before an old one leaves.
  strategy:
    type: RollingUpdate
    rollingUpdate: { maxSurge: 1, maxUnavailable: 0 }
  selector:
    matchLabels:
      {{- include "throughline.selectorLabels" $root | nindent 6 }}
      app.kubernetes.io/component: {{ $name }}
  template:
    metadata:
      labels:
        {{- include "throughline.labels" $root | nindent 8 }}
        app.kubernetes.io/component: {{ $name }}
        {{- with $role.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      annotations:
        throughline.dev/secrets-revision: {{ $root.Values.secrets.revision | quote }}
        {{- with $role.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ include "throughline.serviceAccountName" $root }}
      {{- include "throughline.podSecurity" $root | nindent 6 }}
      terminationGracePeriodSeconds: {{ $role.terminationGracePeriodSeconds }}
      {{- with $role.priorityClassName }}
      priorityClassName: {{ . }}
      {{- end }}
      containers:
        - name: {{ $name }}
          image: {{ include "throughline.image" $root }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          args: [serve, {{ $name }}]
          env:
            {{- include "throughline.environment" (list $root $role) | trim | nindent 12 }}
          ports:
            {{- if eq $name "api" }}
            - { name: http, containerPort: 3000 }
            {{- end }}
            - { name: health, containerPort: {{ $root.Values.healthPort }} }
          # The process lives as soon as it answers; it waits for Postgres and Temporal by itself.
          startupProbe:
            httpGet: { path: /healthz, port: health }
            periodSeconds: 2
            failureThreshold: 60
          livenessProbe:
            httpGet: { path: /healthz, port: health }
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 3
          readinessProbe:
            httpGet: { path: /readyz, port: health }
            periodSeconds: 5
            timeoutSeconds: 5
            failureThreshold: 3
          {{- if $role.drainSeconds }}
          lifecycle:
            preStop:
              exec: { command: [sleep, {{ $role.drainSeconds | quote }}] }
          {{- end }}
          resources:
            {{- toYaml $role.resources | nindent 12 }}
          {{- include "throughline.containerSecurity" $root | nindent 10 }}
          {{- with include "throughline.temporalMounts" $root | trim }}
          volumeMounts:
            {{- . | nindent 12 }}
          {{- end }}
      {{- with include "throughline.temporalVolumes" $root | trim }}
      volumes:
        {{- . | nindent 8 }}
      {{- end }}
      topologySpreadConstraints:
        {{- if $role.topologySpreadConstraints }}
        {{- toYaml $role.topologySpreadConstraints | nindent 8 }}
        {{- else }}
        {{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
        - topologyKey: {{ $key }}
          maxSkew: 1
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              {{- include "throughline.selectorLabels" $root | nindent 14 }}
              app.kubernetes.io/component: {{ $name }}
        {{- end }}
        {{- end }}
      {{- with $role.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $role.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $role.affinity }}
      affinity:
        {{- toYaml . | nindent 8 }}
      {{- end }}
{{- end -}}

{{- define "throughline.temporalMounts" -}}
{{- if .Values.temporal.tls.clientCertificate }}
- { name: temporal-client, mountPath: /etc/temporal/client, readOnly: true }
{{- end }}
{{- if .Values.temporal.tls.serverCa }}
- { name: temporal-ca, mountPath: /etc/temporal/ca, readOnly: true }
{{- end }}
{{- end -}}

{{- define "throughline.temporalVolumes" -}}
{{- with .Values.temporal.tls.clientCertificate }}
- name: temporal-client
  secret: { secretName: {{ . }}, defaultMode: 0440 }
{{- end }}
{{- with .Values.temporal.tls.serverCa }}
- name: temporal-ca
  secret: { secretName: {{ . }}, defaultMode: 0444 }
{{- end }}
{{- end -}}
