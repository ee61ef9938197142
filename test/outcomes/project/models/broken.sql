select * from nowhere.missing_table
