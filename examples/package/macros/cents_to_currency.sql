{#- Cents as an exact decimal: a float would not add up. -#}
{% macro cents_to_currency(column) -%}
    ({{ column }} / 100.0)::numeric(12, 2)
{%- endmacro %}
