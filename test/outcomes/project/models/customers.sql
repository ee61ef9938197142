select 1 as id, cast(null as varchar) as name
union all
select 2 as id, cast(null as varchar) as name
