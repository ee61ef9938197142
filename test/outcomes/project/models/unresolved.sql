{{ config(enabled=var('unresolved', false)) }}
select * from {{ ref('nope') }}
