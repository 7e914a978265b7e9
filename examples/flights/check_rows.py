"""What the table holds, and what plain arithmetic on the file says that it should."""

ROWS_SHOWN = 10


def expected_rows(flights):
    """{airport: (flights, delayed flights, minutes of delay)} of the file."""
    rows = {}
    for flight in flights:
        count, delayed, minutes = rows.get(flight["origin"], (0, 0, 0))
        late = max(flight["delay"], 0)
        rows[flight["origin"]] = (count + 1, delayed + (late > 0), minutes + late)
    return rows


def table_rows(dynamodb, table):
    """The same out of the table."""
    rows = {}
    for page in dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
        for item in page["Items"]:
            rows[item["airport"]["S"]] = tuple(
                int(item[name]["N"]) for name in ("flights", "delayed_flights", "delay_minutes"))
    return rows


def differences(expected, found):
    """One line for each airport whose row isn't what it should be."""
    return [f"{airport}: expected {expected.get(airport)}, found {found.get(airport)}"
            for airport in sorted(expected.keys() | found.keys())
            if expected.get(airport) != found.get(airport)]


def total_flights(rows):
    return sum(count for count, _, _ in rows.values())


def print_table(rows):
    print(f"{'airport':<8} {'flights':>8} {'delayed':>8} {'average delay':>14}")
    busiest = sorted(rows.items(), key=lambda row: (-row[1][0], row[0]))
    for airport, (count, delayed, minutes) in busiest[:ROWS_SHOWN]:
        average = minutes / delayed if delayed else 0.0
        print(f"{airport:<8} {count:>8,} {delayed:>8,} {average:>10.1f} min")
    if len(busiest) > ROWS_SHOWN:
        print(f"... and {len(busiest) - ROWS_SHOWN} more airports")


def print_verdict(expected, found):
    """Prints what differs and returns whether nothing does."""
    wrong = differences(expected, found)
    for line in wrong[:ROWS_SHOWN]:
        print(f"  {line}")
    print(f"{total_flights(found):,} of {total_flights(expected):,} records, "
          f"{len(wrong):,} differences")
    return not wrong
