{% macro refuse() %}
  {{ exceptions.raise_compiler_error('the operation refused') }}
{% endmacro %}
