{{/* Labels of every object; argument: dict "root" $ "component" the part it belongs to. */}}
{{- define "dbt-jobs.labels" -}}
{{ include "dbt-jobs.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: dbt-jobs
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{/* What selects the pods of a Deployment; must never change between versions. */}}
{{- define "dbt-jobs.selector" -}}
app.kubernetes.io/name: dbt-jobs
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}
