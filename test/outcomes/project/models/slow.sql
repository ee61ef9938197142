{{ config(materialized='table') }}
select count(*) as number
from range(1000000) a, range(1000000) b
where a.range % 7 = b.range % 11
