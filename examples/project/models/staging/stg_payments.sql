-- depends_on: {{ ref('payments') }}
select
    payment_id,
    order_id,
    method,
    {{ shop_macros.cents_to_currency('amount_cents') }} as amount
from {{ source('raw', 'payments') }}
