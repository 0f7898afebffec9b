{{- define "comptoir.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "comptoir.container" -}}
image: {{ include "comptoir.image" . }}
imagePullPolicy: IfNotPresent
envFrom:
  - configMapRef: { name: {{ .Release.Name }}-settings }
resources:
  {{- toYaml .Values.resources | nindent 2 }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end }}
