-- depends_on: {{ ref('customers') }}
select
    customer_id,
    name as customer_name,
    country,
    registered_on
from {{ source('raw', 'customers') }}
