-- Every payment reaches exactly one customer: the two sums differ when an order or a payment gets lost on the way.
select
    customers.revenue,
    payments.amount
from (select sum(revenue) as revenue from {{ ref('dim_customers') }}) as customers
cross join (select sum(amount) as amount from {{ ref('stg_payments') }}) as payments
where customers.revenue <> payments.amount
