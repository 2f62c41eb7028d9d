def write_report(plan, ledger, folder):
    return []
