def test_smoke(assistant):
    a = assistant.ask("How many seasonal visas are there in 2024?")
    assert "9,500" in a.answer
