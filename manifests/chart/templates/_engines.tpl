{{/* The engines in use, as JSON: {"engines": […]}. */}}
{{- define "dbt-jobs.engines" -}}
{{- $engines := prepend .Values.extraEngines .Values.engine -}}
{{- range .Values.organizations -}}
{{- if .engine -}}{{- $engines = append $engines .engine -}}{{- end -}}
{{- end -}}
{{ dict "engines" ($engines | uniq | sortAlpha) | toJson }}
{{- end -}}

{{/* Policies of a folder of files/, with the git-sync image of this installation; argument: dict "root" $ "folder" … */}}
{{- define "dbt-jobs.policies" -}}
{{- $root := .root -}}
{{- $official := "registry.k8s.io/git-sync/git-sync:v4.7.1" -}}
{{- $paths := list -}}
{{- range $path, $_ := $root.Files.Glob (printf "files/%s/*.yaml" .folder) -}}
{{- $paths = append $paths $path -}}
{{- end -}}
{{- if not $paths -}}
{{- fail (printf "this chart has no policies in files/%s\nname another engine in engine, extraEngines and organizations" .folder) -}}
{{- end -}}
{{- range sortAlpha $paths }}
---
{{ $root.Files.Get . | replace $official $root.Values.gitSync.image | trimPrefix "---" | trim }}
{{- end }}
{{- end -}}
