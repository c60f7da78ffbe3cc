rows = [[1, 2], [3, None]]
totals = [sum(row) for row in rows]
