with paid as (

    select
        order_id,
        sum(amount) as amount
    from {{ ref('stg_payments') }}
    group by order_id

)

select
    orders.order_id,
    orders.customer_id,
    orders.ordered_at,
    orders.status,
    coalesce(paid.amount, 0) as amount,
    paid.order_id is not null as is_paid
from {{ ref('stg_orders') }} as orders
left join paid on paid.order_id = orders.order_id
