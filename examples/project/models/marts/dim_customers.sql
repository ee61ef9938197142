select
    customers.customer_id,
    customers.customer_name,
    customers.country,
    count(orders.order_id) as orders,
    coalesce(sum(orders.amount), 0) as revenue,
    max(orders.ordered_at) as last_ordered_at
from {{ ref('stg_customers') }} as customers
left join {{ ref('fct_orders') }} as orders on orders.customer_id = customers.customer_id
group by customers.customer_id, customers.customer_name, customers.country
