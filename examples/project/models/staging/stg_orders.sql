-- depends_on: {{ ref('orders') }}
select
    order_id,
    customer_id,
    ordered_at,
    status
from {{ source('raw', 'orders') }}
